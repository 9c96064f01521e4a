using Grpc.Core;
using Jobwatch.StreamService.Journal;

namespace Jobwatch.StreamService.Recording;

/// <summary>A batch of a stream between its reading and its answer.</summary>
/// <param name="Sequence">What the producer calls it.</param>
/// <param name="Events">How many events it has.</param>
/// <param name="Bytes">Its size in the window.</param>
/// <param name="Refused">What is wrong with it, if it did not get to the journal.</param>
/// <param name="Outcome">How the journal decides, if it did.</param>
internal sealed record BatchUnderWay(long Sequence, int Events, int Bytes, RpcException? Refused, Task<AppendOutcome>? Outcome)
{
    /// <summary>Whether it can be answered without a wait.</summary>
    public bool IsDecided => Outcome is null or { IsCompleted: true };
}
