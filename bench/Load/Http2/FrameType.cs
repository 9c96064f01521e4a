namespace Jobwatch.Bench.Http2;

/// <summary>The frames of RFC 9113, section 6, that a client meets.</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    ResetStream = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}
