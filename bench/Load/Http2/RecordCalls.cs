using System.Buffers.Binary;
using System.Text;
using Jobwatch.V1;

namespace Jobwatch.Bench.Http2;

/// <summary>
/// Batches on one RecordEvents stream, a bounded number of them unanswered. A batch that is not acknowledged in its turn ends the bench.
/// </summary>
internal sealed class RecordCalls : IDisposable
{
    /// <summary>From here on each sequence takes five bytes, so that it can be written over another.</summary>
    public const long FirstSequence = 1L << 28;

    private readonly Connection _connection;
    private readonly Messages _answers = new();
    private readonly Messages.Receiver _receive;
    private readonly int _maxUnderWay;
    private readonly int _stream;
    private long _window;
    private long _acknowledged = FirstSequence;

    public RecordCalls(Uri server, int maxUnderWay)
    {
        _connection = new Connection(server, "/jobwatch.v1.RecordService/RecordEvents");
        _maxUnderWay = maxUnderWay;
        _receive = Acknowledge;
        _stream = _connection.Open();
        _window = _connection.StreamWindow;
    }

    /// <summary>The sequence of the next batch.</summary>
    public long Next { get; private set; } = FirstSequence;

    /// <summary>Sends a framed message, whose sequence is <see cref="Next"/>, when there is room for it, and then waits until there is room for another.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        while (_window < message.Length || !_connection.Takes(message.Length))
        {
            Read();
        }

        _window -= message.Length;
        _connection.SendOn(_stream, message);
        Next++;
        Await(_maxUnderWay - 1);
    }

    /// <summary>Waits until no more batches than this are unanswered.</summary>
    public void Await(int underWay)
    {
        while (Next - _acknowledged > underWay)
        {
            Read();
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Read()
    {
        var frame = _connection.Read();
        switch (frame.Type)
        {
            case FrameType.WindowUpdate when frame.Stream == _stream:
                _window += BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
                break;
            case FrameType.Data:
                _answers.Add(frame.Payload, _receive);
                break;
            case FrameType.Headers when frame.EndsStream:
                throw new IOException($"The stream ended: {Encoding.Latin1.GetString(frame.Payload)}");
        }
    }

    private void Acknowledge(ReadOnlySpan<byte> message)
    {
        // Tag and bytes of the sequence, and the tag of what follows it.
        const int OutcomeAt = 6;
        const byte AppendedTag = (RecordEventsResponse.AppendedFieldNumber << 3) | 2;
        if (Sequence(message) != _acknowledged || message[OutcomeAt] != AppendedTag)
        {
            throw new IOException($"Batch {_acknowledged} was answered so: {RecordEventsResponse.Parser.ParseFrom(message)}");
        }

        _acknowledged++;
    }

    private static long Sequence(ReadOnlySpan<byte> message)
    {
        var sequence = 0L;
        for (var i = 0; i < 5; i++)
        {
            sequence |= (message[i + 1] & 0x7FL) << (7 * i);
        }

        return sequence;
    }
}
