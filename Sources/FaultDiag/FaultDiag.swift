/// Placeholder root of the module until its first type lands.
