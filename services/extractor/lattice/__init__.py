"""Tables of digital PDF pages from their drawn rules: paths -> rules -> grid -> characters into cells."""
