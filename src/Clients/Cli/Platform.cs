using System.Runtime.Versioning;

// Signals, file modes and advisory file locks as POSIX has them.
[assembly: UnsupportedOSPlatform("windows")]
