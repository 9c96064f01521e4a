using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jobwatch.Clients.Tests.Protos;

namespace Jobwatch.Clients.Tests.Json;

/// <summary>What the transcoder is to write next.</summary>
internal sealed class TranscodedService : KindsService.KindsServiceBase
{
    internal Kinds Next { get; set; } = new();

    public override Task<Kinds> GetKinds(Empty request, ServerCallContext context) => Task.FromResult(Next);
}
