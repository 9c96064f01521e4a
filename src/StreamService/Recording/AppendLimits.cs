namespace Jobwatch.StreamService.Recording;

/// <summary>What one append may hold. Promised in the proto's comments, so not settings.</summary>
internal static class AppendLimits
{
    public const int Events = 1000;

    /// <summary>Protobuf bytes of one event.</summary>
    public const int EventBytes = 256 * 1024;

    /// <summary>Protobuf bytes of a batch.</summary>
    public const int BatchBytes = 4 * 1024 * 1024;

    public const int Labels = 64;

    /// <summary>Characters of a label's value.</summary>
    public const int LabelValue = 256;
}
