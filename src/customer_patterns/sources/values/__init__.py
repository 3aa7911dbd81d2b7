"""Values: what a delivered text, number or date means under the contract, for one value and for millions."""
