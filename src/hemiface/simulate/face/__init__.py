"""A face in a picture that can be moved: where its muscles are, how skin, lids and jaw move."""
