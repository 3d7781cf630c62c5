"""Ask the doctor: the form, the asker's page, the doctor's inbox."""
