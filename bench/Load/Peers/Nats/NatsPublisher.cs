using System.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.FanOut;

namespace Jobwatch.Bench.Peers.Nats;

/// <summary>Publishes to subjects, each event with an acknowledgement of the stream that keeps it.</summary>
internal sealed class NatsPublisher : PipelinedPublisher
{
    private readonly MarkedText _text = new();
    private readonly byte[][] _heads;
    private readonly long[] _numbers;
    private byte[]? _asked;

    public NatsPublisher(Uri server, IReadOnlyList<string> subjects, int underWay)
        : base(server, underWay)
    {
        _heads = [.. subjects.Select(subject => Encoding.ASCII.GetBytes($"PUB {subject} _A "))];
        _numbers = new long[subjects.Count];
        Send(NatsLines.Connect);
        Send("SUB _A 1\r\n"u8);
    }

    /// <summary>Sends a request to the only subject and waits for the answer.</summary>
    public void Ask(byte[] request)
    {
        _asked = request;
        Publish(0, 1, stamp: 0);
        Finish();
    }

    protected override int Write(Stream request, int topic, int events, long stamp)
    {
        for (var i = 0; i < events; i++)
        {
            var payload = _asked ?? _text.Fill(++_numbers[topic], stamp);
            request.Write(_heads[topic]);
            request.Write(Encoding.ASCII.GetBytes($"{payload.Length}\r\n"));
            request.Write(payload);
            request.Write("\r\n"u8);
        }

        return events;
    }

    protected override int TakeAnswer(ReadOnlySpan<byte> received, out bool isAnswer)
    {
        var length = NatsLines.Take(received, out var line, out var payload);
        isAnswer = payload.Length > 0;
        if (line.SequenceEqual("PING"u8))
        {
            Send("PONG\r\n"u8);
        }

        return payload.IndexOf("\"error\""u8) < 0 ? length : throw new IOException($"JetStream: {Encoding.UTF8.GetString(payload)}");
    }
}
