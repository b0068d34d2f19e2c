"""What the guidelines say and where: passages out of files, and the search over them."""
