using Grpc.Core;
using Grpc.Net.Client.Balancer;

namespace Jobwatch.Client.Wire;

/// <summary>Refuses calls: no node can be reached.</summary>
internal sealed class RefusingPicker(Status status) : SubchannelPicker
{
    public override PickResult Pick(PickContext context) => PickResult.ForFailure(status);
}
