"""What the demo region is made of: invented people, places and words, and some real schools."""
