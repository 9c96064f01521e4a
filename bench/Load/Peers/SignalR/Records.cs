using Jobwatch.Bench.Events;

namespace Jobwatch.Bench.Peers.SignalR;

/// <summary>SignalR's JSON protocol: records with a separator behind each.</summary>
internal static class Records
{
    private const byte End = 0x1e;

    /// <summary>Gets the mark of a record; of one that is no event an empty one, and whether it says that the client is in its group.</summary>
    public delegate void Receiver(ReadOnlySpan<byte> mark, bool saysLive);

    /// <summary>What a client says first.</summary>
    public static ReadOnlySpan<byte> Handshake => "{\"protocol\":\"json\",\"version\":1}\x1e"u8;

    /// <summary>Takes the records that are whole.</summary>
    /// <returns>Their bytes.</returns>
    public static int Take(ReadOnlySpan<byte> bytes, Receiver receive)
    {
        var taken = 0;
        while (bytes[taken..].IndexOf(End) is var end && end >= 0)
        {
            var record = bytes.Slice(taken, end);
            var mark = Mark.Find(record);
            receive(mark, mark.IsEmpty && record.IndexOf("\"target\":\"live\""u8) >= 0);
            taken += end + 1;
        }

        return taken;
    }
}
