namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>SignalR's JSON protocol: texts with a separator behind each.</summary>
internal static class Records
{
    public const byte End = 0x1e;

    /// <summary>What a client says first.</summary>
    public static ReadOnlySpan<byte> Handshake => "{\"protocol\":\"json\",\"version\":1}\x1e"u8;

    /// <summary>Whether our hub says that the client is in its group.</summary>
    public static bool SaysLive(ReadOnlySpan<byte> record) => record.IndexOf("\"target\":\"live\""u8) >= 0;
}
