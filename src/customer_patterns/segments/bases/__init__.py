"""The same customers on several bases: who they are, where they live, what they do; and how far these agree."""
