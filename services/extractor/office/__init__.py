"""Old and foreign office formats: what LibreOffice converts, and what is read without it."""
