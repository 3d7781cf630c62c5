"""Virtual patients on surface EMG: bursts, what electrodes pick up, EDF+."""
