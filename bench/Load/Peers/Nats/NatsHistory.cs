using System.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Nats;

/// <summary>Reads what a JetStream stream keeps of a subject, from its beginning: a push consumer that acknowledges nothing.</summary>
internal sealed class NatsHistory : Watcher
{
    public NatsHistory(Uri server, string stream, string subject)
        : base(server, last: 0)
    {
        var consumer = $$$"""
            {"stream_name":"{{{stream}}}","config":{"deliver_subject":"_D","deliver_policy":"all","ack_policy":"none","filter_subject":"{{{subject}}}"}}
            """;
        Send(NatsLines.Connect);
        Send(Encoding.ASCII.GetBytes(
            $"SUB _D 1\r\nSUB _A 2\r\nPUB $JS.API.CONSUMER.CREATE.{stream} _A {consumer.Length}\r\n{consumer}\r\n"));
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (NatsLines.Take(bytes[taken..], out var line, out var payload) is var length and > 0)
        {
            taken += length;
            var mark = Mark.Find(payload);
            if (!mark.IsEmpty)
            {
                Saw(mark);
            }
            else if (payload.IndexOf("\"error\""u8) >= 0)
            {
                throw new IOException($"JetStream: {Encoding.UTF8.GetString(payload)}");
            }
            else if (line.SequenceEqual("PING"u8))
            {
                Send("PONG\r\n"u8);
            }
        }

        return taken;
    }
}
