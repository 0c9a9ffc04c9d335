"""What members do here: sign-in, forms, signing in the browser, paper, the API."""
