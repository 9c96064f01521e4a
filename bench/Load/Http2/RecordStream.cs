using Jobwatch.StreamService.Journal;
using Jobwatch.V1;

namespace Jobwatch.Bench.Http2;

/// <summary>
/// A <c>RecordEvents</c> stream with a bounded number of batches under way. Every answer has to be the next one, and an
/// acknowledgement.
/// </summary>
internal sealed class RecordStream : IDisposable
{
    private readonly Connection _connection;
    private readonly Messages _messages = new();
    private readonly int _stream;
    private readonly int _maxUnderWay;
    private long _window;
    private int _answered;

    public RecordStream(Uri server, int maxUnderWay)
    {
        _connection = new Connection(server, "/jobwatch.v1.RecordService/RecordEvents");
        _window = _connection.StreamWindow;
        _stream = _connection.Open();
        _maxUnderWay = maxUnderWay;
    }

    /// <summary>The sequence of the last batch sent; they are 1, 2, 3 …</summary>
    public int Sent { get; private set; }

    /// <summary>Sends a framed message that carries the next sequence, when there is room for it.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        while (Sent - _answered >= _maxUnderWay)
        {
            Read();
        }

        Sent++;
        while (message.Length > 0)
        {
            var part = message[..Math.Min(message.Length, Connection.MaxData)];
            while (_window < part.Length || !_connection.Takes(part.Length))
            {
                Read();
            }

            _window -= part.Length;
            _connection.SendData(_stream, part);
            message = message[part.Length..];
        }
    }

    /// <summary>Waits until all that was sent is acknowledged.</summary>
    public void Drain()
    {
        while (_answered < Sent)
        {
            Read();
        }
    }

    public void Dispose() => _connection.Dispose();

    private void Read()
    {
        var frame = _connection.Read();
        if (frame.Stream != _stream)
        {
            return;
        }

        switch (frame.Type)
        {
            case FrameType.WindowUpdate:
                _window += System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(frame.Payload);
                break;
            case FrameType.Data:
                _messages.Add(frame.Payload, Answer);
                break;
            case FrameType.Headers when frame.EndsStream:
                throw new IOException($"The stream ended: {System.Text.Encoding.Latin1.GetString(frame.Payload)}");
        }
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        var (sequence, isAppended) = (0, false);
        var fields = new WireFields(message);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case RecordEventsResponse.SequenceFieldNumber:
                    sequence = (int)fields.Varint;
                    break;
                case RecordEventsResponse.AppendedFieldNumber:
                    isAppended = true;
                    break;
            }
        }

        if (sequence != ++_answered || !isAppended)
        {
            throw new InvalidOperationException($"Batch {_answered} was answered by {RecordEventsResponse.Parser.ParseFrom(message)}.");
        }
    }
}
