"""Virtual patients on video: the scene, the camera, the file, and the truth beside it."""
