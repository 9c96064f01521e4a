using Google.Protobuf;
using Jobwatch.Bench.Http2;
using Jobwatch.V1;

namespace Jobwatch.Bench.Events;

/// <summary>
/// The bytes of an append of some log lines, encoded once; each use gets fresh event ids written over the last ones, so
/// that the load spends next to nothing on encoding.
/// </summary>
internal sealed class BatchTemplate
{
    private const int IdBytes = 36;

    private readonly byte[] _bytes;
    private readonly List<int> _ids = [];

    public BatchTemplate(string job, int events)
    {
        var request = new AppendEventsRequest { JobId = job, Events = { Enumerable.Range(0, events).Select(_ => EventShape.Logged()) } };
        _bytes = Messages.WithPrefix(request.ToByteArray());
        var placeholder = System.Text.Encoding.ASCII.GetBytes(Guid.Empty.ToString());
        for (int at = 0, found; (found = _bytes.AsSpan(at).IndexOf(placeholder)) >= 0; at += found + IdBytes)
        {
            _ids.Add(at + found);
        }
    }

    /// <summary>The framed message with fresh ids; true until the next use.</summary>
    public ReadOnlySpan<byte> Fill()
    {
        foreach (var at in _ids)
        {
            Guid.CreateVersion7().TryFormat(_bytes.AsSpan(at, IdBytes), out _);
        }

        return _bytes;
    }
}
