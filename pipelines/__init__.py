"""What happens to an article between extraction and the dataset, one stage a module."""
