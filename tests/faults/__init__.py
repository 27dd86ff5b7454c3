"""Every fault on every page of the job."""
