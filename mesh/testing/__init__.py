"""What tests of the mesh are made of. Product code never imports it."""
