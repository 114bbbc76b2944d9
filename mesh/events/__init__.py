"""Events: written with their cause, published in order, and handled once."""
