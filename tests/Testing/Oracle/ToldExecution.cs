using Jobwatch.V1;

namespace Jobwatch.Testing.Oracle;

/// <summary>What a log tells of one execution up to some position.</summary>
internal sealed class ToldExecution(string id, long firstPosition)
{
    public string Id => id;

    public long FirstPosition => firstPosition;

    public long LastPosition { get; set; }

    public ExecutionStatus Status { get; set; }

    public int Attempt { get; set; }

    public long EventCount { get; set; }

    /// <summary>From here on its labels hold; 0 while it has none.</summary>
    public long LabelsPosition { get; set; }

    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    public bool HasEnded => Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Cancelled;
}
