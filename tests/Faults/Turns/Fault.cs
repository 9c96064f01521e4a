using Jobwatch.Faults.Tests.Sites;
using Jobwatch.Testing;

namespace Jobwatch.Faults.Tests.Turns;

/// <summary>Something that breaks, and is whole again afterwards.</summary>
internal abstract class Fault
{
    /// <summary>Its name in results and settings, in kebab case.</summary>
    public abstract string Name { get; }

    /// <summary>When it is over, all watchers have to see what is recorded from then on within this time.</summary>
    public virtual TimeSpan Bound => TimeSpan.FromSeconds(20);

    /// <summary>A part of the load that has to be acknowledged in a turn with it, 0 to 1.</summary>
    public virtual double LeastLoad => 0.1;

    /// <summary>A site of its own, for a fault that others could not come after; null: any site.</summary>
    public virtual Task<Site>? OwnSiteAsync() => null;

    /// <summary>
    /// Breaks it, holds it, heals it, and makes sure that it happened. Returns when it is over; throws if it did not happen.
    /// </summary>
    public abstract Task RunAsync(Scene scene);

    protected static Task HoldAsync(double seconds) => Hold.ForAsync(TimeSpan.FromSeconds(seconds));

    public override string ToString() => Name;
}
