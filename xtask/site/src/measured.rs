//! What was measured of a listing.
