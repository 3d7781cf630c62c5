"""Virtual patients over months: treatments, visits, diaries; cohorts and trials of them."""
