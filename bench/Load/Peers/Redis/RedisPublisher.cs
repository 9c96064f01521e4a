using System.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.FanOut;

namespace Jobwatch.Bench.Peers.Redis;

/// <summary>Publishes to channels; the answer is the number of watchers.</summary>
internal sealed class RedisPublisher : PipelinedPublisher
{
    private readonly MarkedText _text = new();
    private readonly byte[][] _heads;
    private readonly long[] _numbers;

    public RedisPublisher(Uri server, IReadOnlyList<string> channels, int underWay)
        : base(server, underWay)
    {
        _heads = [.. channels.Select(channel =>
            Encoding.ASCII.GetBytes($"*3\r\n$7\r\nPUBLISH\r\n${channel.Length}\r\n{channel}\r\n${EventShape.JsonBytes}\r\n"))];
        _numbers = new long[channels.Count];
    }

    protected override int Write(Stream request, int topic, int events, long stamp)
    {
        for (var i = 0; i < events; i++)
        {
            request.Write(_heads[topic]);
            request.Write(_text.Fill(++_numbers[topic], stamp));
            request.Write("\r\n"u8);
        }

        return events;
    }

    protected override int TakeAnswer(ReadOnlySpan<byte> received, out bool isAnswer)
    {
        isAnswer = true;
        var end = received.IndexOf((byte)'\n');
        return end < 0 || received[0] == ':' ? end + 1 : throw new IOException($"Redis: {Encoding.ASCII.GetString(received[..end])}");
    }
}
