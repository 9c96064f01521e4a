using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Jobwatch.Bench.Events;

namespace Jobwatch.Bench.FanOut;

/// <summary>Posts events to a path of each topic over one connection of HTTP/1.1, an event on each line.</summary>
internal sealed class HttpPublisher : PipelinedPublisher
{
    private readonly MarkedText _text = new();
    private readonly string[] _heads;
    private readonly long[] _numbers;
    private readonly int _eventsOfRequest;

    /// <param name="server">The server.</param>
    /// <param name="paths">The paths of the topics.</param>
    /// <param name="underWay">Unanswered requests, at most.</param>
    /// <param name="eventsOfRequest">The most that the server takes in a request; with 1 there is no line end.</param>
    public HttpPublisher(Uri server, IReadOnlyList<string> paths, int underWay, int eventsOfRequest = int.MaxValue)
        : base(server, underWay)
    {
        _heads = [.. paths.Select(path => $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\nContent-Length: ")];
        _numbers = new long[paths.Count];
        _eventsOfRequest = eventsOfRequest;
    }

    protected override int Write(Stream request, int topic, int events, long stamp)
    {
        var requests = 0;
        for (var rest = events; rest > 0; requests++)
        {
            var count = Math.Min(rest, _eventsOfRequest);
            rest -= count;
            WriteOne(request, topic, count, stamp);
        }

        return requests;
    }

    protected override int TakeAnswer(ReadOnlySpan<byte> received, out bool isAnswer)
    {
        isAnswer = true;
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return 0;
        }

        var head = received[..end];
        if (!head.StartsWith("HTTP/1.1 2"u8))
        {
            throw new IOException($"The server refused an event: {Encoding.ASCII.GetString(received)}");
        }

        var at = head.IndexOf("Content-Length: "u8);
        var body = at >= 0 && Utf8Parser.TryParse(head[(at + 16)..], out int length, out _) ? length : 0;
        return received.Length >= end + 4 + body ? end + 4 + body : 0;
    }

    private void WriteOne(Stream request, int topic, int events, long stamp)
    {
        var lineEnd = _eventsOfRequest == 1 ? ""u8 : "\n"u8;
        var length = events * (EventShape.JsonBytes + lineEnd.Length);
        request.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_heads[topic]}{length}\r\n\r\n")));
        for (var i = 0; i < events; i++)
        {
            request.Write(_text.Fill(++_numbers[topic], stamp));
            request.Write(lineEnd);
        }
    }
}
