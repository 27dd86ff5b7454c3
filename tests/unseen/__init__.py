"""Sites that nobody who wrote the flows has seen: other markup, held together by the notice's words only."""
