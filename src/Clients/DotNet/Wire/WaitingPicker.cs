using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

/// <summary>Lets calls wait for the next picker.</summary>
internal sealed class WaitingPicker : SubchannelPicker
{
    internal static readonly WaitingPicker Instance = new();

    public override PickResult Pick(PickContext context) => PickResult.ForQueue();
}
