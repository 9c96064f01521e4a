using Jobwatch.Bench.Scaling.Capacity;
using Jobwatch.Bench.Scaling.Herds;

namespace Jobwatch.Bench.Scaling;

/// <summary>What is printed.</summary>
internal static class Statement
{
    public static void Write(TextWriter to, Load load, Limits limits, int cells, Bill bill)
    {
        var whole = cells == 1 ? "" : $", in {cells} cells of";
        to.WriteLine($"{load.Watchers * cells:N0} watchers of {load.Jobs * cells:N0} jobs, {load.EventsPerSecond * cells:N0} events/s{whole}");
        if (cells > 1)
        {
            to.WriteLine($"{load.Watchers:N0} watchers of {load.Jobs:N0} jobs, {load.EventsPerSecond:N0} events/s each");
        }

        to.WriteLine($"\n{"",-12}{"each cell",10}{"in all",10}");
        foreach (var kind in Enum.GetValues<Kind>().Where(kind => bill.Plant.CountOf(kind) > 0))
        {
            to.WriteLine($"{Name(kind),-12}{bill.Plant.CountOf(kind),10:N0}{(long)bill.Plant.CountOf(kind) * cells,10:N0}");
        }

        to.WriteLine($"\nhow full, of what may be used; the first is in the way of more");
        foreach (var resource in bill.ByFill)
        {
            var used = resource.UsedOf(bill.Plant.CountOf(resource.Kind)) / resource.Fill;
            to.WriteLine($"  {Name(resource.Kind),-12}{resource.Name,-16}{used,6:P0}");
        }

        var flows = bill.Flows;
        to.WriteLine($"\neach cell, a second");
        to.WriteLine($"  deliveries to watchers      {load.Deliveries,14:N0}");
        to.WriteLine($"  heartbeats to watchers      {flows.Heartbeats,14:N0}");
        to.WriteLine($"  events from node to edge    {flows.StreamEvents,14:N0}   on {flows.Streams:N0} streams");
        to.WriteLine($"  commits                     {flows.Commits,14:N0}   of {load.EventsPerSecond / flows.Commits:N1} events");
        to.WriteLine($"  hints that come to a node   {flows.HintsReceived / bill.Plant.Nodes,14:N0}   of {flows.HintsSent:N0} by {(limits.HintsByRedis ? "Redis" : "PostgreSQL")}");
        to.WriteLine($"  pages read for them         {flows.RemoteReads,14:N0}   {flows.NodesOfJob:N1} nodes have a job");
        to.WriteLine($"  stored                      {load.EventsPerSecond * Coefficients.StoredBytes * 86400 / 1e9,14:N0}   GB a day");
    }

    public static void Write(TextWriter to, HerdPlan plan, HerdResult herd)
    {
        var taken = Math.Min(herd.PeakPerSecond, plan.EdgesLeft / plan.ConnectSeconds);
        to.WriteLine($"  {(plan.Jitter > 0 ? "jittered" : "all at once"),-12}all {plan.Watchers:N0} back after {herd.Percentile(1):N1} s, half after {herd.Percentile(0.5):N1} s; "
            + $"at most {herd.PeakPerSecond:N0} a second came, {herd.Tries - plan.Watchers:N0} came again");
        to.WriteLine($"{"",14}meanwhile the nodes need up to {taken * Coefficients.NodeConnect / 1e6:N1} cores more, PostgreSQL {taken * Coefficients.StoreConnect / 1e6:N1}");
    }

    private static string Name(Kind kind) => kind switch
    {
        Kind.Edge => "edges",
        Kind.Node => "nodes",
        Kind.Database => "PostgreSQL",
        _ => "Redis",
    };
}
