using Jobwatch.Shared;

namespace Jobwatch.StreamService.Watching;

/// <summary>Rung by the log of one line: a watch of many learns which of its jobs to look at.</summary>
internal sealed class LineBell(JobLine line, ReadyLines ready) : Bell
{
    public override void Signal() => ready.Add(line);
}
