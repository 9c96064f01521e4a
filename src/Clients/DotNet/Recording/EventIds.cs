using Jobwatch.V1;

namespace Jobwatch.Client.Recording;

/// <summary>Fixes the ids of events before their first try, so that any further one is known as the same.</summary>
internal static class EventIds
{
    /// <summary>The same batch, with copies of the events that have no id yet.</summary>
    internal static AppendEventsRequest Fix(AppendEventsRequest batch, TimeProvider time)
    {
        var identified = new AppendEventsRequest { JobId = batch.JobId };
        if (batch.HasExpectedPosition)
            identified.ExpectedPosition = batch.ExpectedPosition;
        identified.Events.AddRange(batch.Events.Select(given => Fix(given, time)));
        return identified;
    }

    internal static ExecutionEvent Fix(ExecutionEvent given, TimeProvider time)
    {
        if (given.EventId.Length > 0)
            return given;
        var identified = given.Clone();
        identified.EventId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        return identified;
    }
}
