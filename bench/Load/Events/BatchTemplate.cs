using Google.Protobuf;
using Jobwatch.Bench.Http2;
using Jobwatch.V1;

namespace Jobwatch.Bench.Events;

/// <summary>
/// The bytes of an append, encoded once; each use gets fresh event ids and a sequence written over the last ones, so that
/// the load spends next to nothing on encoding.
/// </summary>
internal sealed class BatchTemplate
{
    private const int IdBytes = 36;
    private const int SequenceBytes = 5;
    private const byte SequenceTag = (1 << 3) | 0;
    private const byte BatchTag = (2 << 3) | 2;

    private readonly byte[] _bytes;
    private readonly List<int> _ids = [];
    private readonly int _sequenceAt;

    private BatchTemplate(byte[] message, int sequenceAt)
    {
        _bytes = Messages.WithPrefix(message);
        _sequenceAt = _bytes.Length - message.Length + sequenceAt;
        var placeholder = System.Text.Encoding.ASCII.GetBytes(Guid.Empty.ToString());
        for (int at = 0, found; (found = _bytes.AsSpan(at).IndexOf(placeholder)) >= 0; at += found + IdBytes)
        {
            _ids.Add(at + found);
        }
    }

    /// <summary>An <c>AppendEventsRequest</c> of so many log lines.</summary>
    public static BatchTemplate OfAppend(string job, int events) => new(Request(job, events).ToByteArray(), 0);

    /// <summary>A <c>RecordEventsRequest</c> of so many log lines.</summary>
    public static BatchTemplate OfRecord(string job, int events)
    {
        var batch = Request(job, events).ToByteArray();
        using var bytes = new MemoryStream();
        // The sequence is a varint stretched to a fixed length, which parsers take.
        bytes.Write([SequenceTag, 0x80, 0x80, 0x80, 0x80, 0, BatchTag]);
        using (var length = new CodedOutputStream(bytes, leaveOpen: true))
        {
            length.WriteLength(batch.Length);
        }

        bytes.Write(batch);
        return new BatchTemplate(bytes.ToArray(), sequenceAt: 1);
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

    /// <inheritdoc cref="Fill()"/>
    public ReadOnlySpan<byte> Fill(int sequence)
    {
        var rest = (uint)sequence;
        for (var i = 0; i < SequenceBytes; i++, rest >>= 7)
        {
            _bytes[_sequenceAt + i] = (byte)((rest & 0x7F) | (i < SequenceBytes - 1 ? 0x80u : 0));
        }

        return Fill();
    }

    private static AppendEventsRequest Request(string job, int events) => new()
    {
        JobId = job,
        Events = { Enumerable.Range(0, events).Select(_ => EventShape.Logged()) },
    };
}
