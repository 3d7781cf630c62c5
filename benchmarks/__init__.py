"""What hemiface reaches, in accuracy and speed, beside its peers on the same clips at once."""
