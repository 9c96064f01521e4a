using System.Text;
using Google.Protobuf;
using Jobwatch.Bench.Http2;
using Jobwatch.V1;

namespace Jobwatch.Bench.Events;

/// <summary>
/// The bytes of an append of some log lines, encoded once; each use gets fresh event ids and marks written over the last
/// ones, so that the load spends next to nothing on encoding.
/// </summary>
internal sealed class BatchTemplate
{
    private const int IdBytes = 36;

    private readonly byte[] _bytes;
    private readonly List<int> _ids;
    private readonly List<int> _marks;
    private long _number;

    /// <param name="job">The job.</param>
    /// <param name="events">Events of the batch.</param>
    /// <param name="isOfStream">Whether it is sent by RecordEvents, with a sequence, and not by AppendEvents.</param>
    public BatchTemplate(string job, int events, bool isOfStream = false)
    {
        var batch = new AppendEventsRequest { JobId = job, Events = { Enumerable.Range(0, events).Select(_ => EventShape.Logged()) } };
        IMessage request = isOfStream ? new RecordEventsRequest { Sequence = RecordCalls.FirstSequence, Batch = batch } : batch;
        _bytes = Messages.WithPrefix(request.ToByteArray());
        _ids = Places(Guid.Empty.ToString());
        _marks = Places(Mark.Blank);
    }

    /// <summary>The framed message with fresh ids, and the next numbers of its job; true until the next use.</summary>
    public ReadOnlySpan<byte> Fill(long stamp = 0)
    {
        foreach (var at in _ids)
        {
            Guid.CreateVersion7().TryFormat(_bytes.AsSpan(at, IdBytes), out _);
        }

        foreach (var at in _marks)
        {
            Mark.Write(_bytes.AsSpan(at), ++_number, stamp);
        }

        return _bytes;
    }

    /// <summary>The same of a stream, with this sequence.</summary>
    public ReadOnlySpan<byte> FillAt(long sequence)
    {
        // Behind the frame's prefix and the tag.
        const int SequenceAt = 6;
        const int SequenceBytes = 5;
        for (var i = 0; i < SequenceBytes; i++)
        {
            var more = i < SequenceBytes - 1 ? 0x80L : 0;
            _bytes[SequenceAt + i] = (byte)(((sequence >> (7 * i)) & 0x7F) | more);
        }

        return Fill();
    }

    private List<int> Places(string placeholder)
    {
        var places = new List<int>();
        var bytes = Encoding.ASCII.GetBytes(placeholder);
        for (int at = 0, found; (found = _bytes.AsSpan(at).IndexOf(bytes)) >= 0; at += found + bytes.Length)
        {
            places.Add(at + found);
        }

        return places;
    }
}
