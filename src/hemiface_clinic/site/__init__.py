"""What every page has: its frame, its headers, the clinic's card, errors said kindly."""
