"""What is asked of clusters: whether they are found again, whether other methods see them, how they are made."""
