using System.Text;

namespace Jobwatch.Bench.Events;

/// <summary>The event's JSON text as peers get it, with a mark to write over.</summary>
internal sealed class MarkedText
{
    private readonly byte[] _bytes = Encoding.ASCII.GetBytes(EventShape.Json);
    private readonly int _mark = EventShape.Json.IndexOf((char)Mark.Sign, StringComparison.Ordinal);

    /// <summary>The text with a mark; true until the next use.</summary>
    public ReadOnlySpan<byte> Fill(long number, long stamp)
    {
        Mark.Write(_bytes.AsSpan(_mark), number, stamp);
        return _bytes;
    }
}
