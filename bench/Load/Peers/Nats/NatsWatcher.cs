using System.Text;
using Jobwatch.Bench.Events;
using Jobwatch.Bench.Watching;

namespace Jobwatch.Bench.Peers.Nats;

/// <summary>A subscriber of a subject.</summary>
internal sealed class NatsWatcher : Watcher
{
    public NatsWatcher(Uri server, string subject)
        : base(server, last: 0)
    {
        Send(NatsLines.Connect);
        Send(Encoding.ASCII.GetBytes($"SUB {subject} 1\r\nPING\r\n"));
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (NatsLines.Take(bytes[taken..], out var line, out var payload) is var length and > 0)
        {
            taken += length;
            if (payload.Length > 0)
            {
                Saw(Mark.Find(payload));
            }
            else if (line.SequenceEqual("PING"u8))
            {
                Send("PONG\r\n"u8);
            }
            else
            {
                IsLive |= line.SequenceEqual("PONG"u8);
            }
        }

        return taken;
    }
}
