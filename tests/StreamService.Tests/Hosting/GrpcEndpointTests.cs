using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Grpc.Reflection.V1;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Hosting;

public sealed class GrpcEndpointTests(RunningNode node) : IClassFixture<RunningNode>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuses_compressed_requests()
    {
        using var channel = GrpcChannel.ForAddress(
            node.Addresses[0], new GrpcChannelOptions { CompressionProviders = [new GzipCompressionProvider(CompressionLevel.Fastest)] });
        var refusal = await Refusal.OfAsync(new RecordService.RecordServiceClient(channel).AppendEventsAsync(
            Appends.To(Appends.NewJob(), Appends.Started()),
            new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Cancellation));

        Assert.Equal((StatusCode.Unimplemented, "COMPRESSION_UNSUPPORTED"), (refusal.Code, refusal.Reason));
        Assert.Contains("'gzip' are not taken: send them uncompressed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Never_compresses_an_answer()
    {
        var job = Appends.NewJob();
        await node.Append(Appends.To(job, Appends.Started(), Appends.Line(new string('x', 10_000))));
        var call = node.ListEvents(new ListEventsRequest { JobId = job });
        var headers = await call.ResponseHeadersAsync;

        Assert.Contains(headers.GetValue("grpc-encoding"), new[] { null, "identity" });
        Assert.Equal(2, (await call).Events.Count);
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_unimplemented_by_name()
    {
        var method = new Method<GetJobRequest, GetJobResponse>(
            MethodType.Unary, "jobwatch.v1.CatalogService", "ForgetJob", Marshaller(GetJobRequest.Parser), Marshaller(GetJobResponse.Parser));
        var call = node.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cancellation), new GetJobRequest());
        var refusal = await Refusal.OfAsync(call);

        Assert.Equal((StatusCode.Unimplemented, "NOT_IMPLEMENTED"), (refusal.Code, refusal.Reason));
        Assert.Contains("/jobwatch.v1.CatalogService/ForgetJob", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RecordService", "AppendEvents", MethodType.Unary)]
    [InlineData("CatalogService", "GetJob", MethodType.Unary)]
    [InlineData("WatchService", "WatchJob", MethodType.ServerStreaming)]
    public async Task A_request_that_is_no_message_is_the_callers_fault(string service, string name, MethodType type)
    {
        // Field 1 is a text of 5 bytes, of which 2 came.
        var torn = ByteString.CopyFrom(0x0A, 0x05, 0x6A, 0x6F);
        var method = new Method<ByteString, ByteString>(
            type, $"jobwatch.v1.{service}", name,
            new Marshaller<ByteString>(bytes => bytes.ToByteArray(), ByteString.CopyFrom), new Marshaller<ByteString>(bytes => bytes.ToByteArray(), ByteString.CopyFrom));
        var calls = node.Channel.CreateCallInvoker();
        var options = new CallOptions(cancellationToken: Cancellation);
        var refusal = type == MethodType.Unary
            ? await Refusal.OfAsync(calls.AsyncUnaryCall(method, null, options, torn))
            : Refusal.From(await Assert.ThrowsAsync<RpcException>(
                () => calls.AsyncServerStreamingCall(method, null, options, torn).ResponseStream.MoveNext(Cancellation)));

        Assert.Equal((StatusCode.InvalidArgument, "UNDECODABLE_REQUEST", null), (refusal.Code, refusal.Reason, refusal.RetryAfter));
        Assert.StartsWith("The request can't be decoded: ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AppendEvents", new byte[0])]
    [InlineData("AppendEvents", new byte[] { 0, 0, 0 })]
    [InlineData("AppendEvents", new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData("AppendEvents", new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData("AppendEvents", new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData("AppendEvents", new byte[] { 0, 255, 255, 255, 255 })]
    [InlineData("RecordEvents", new byte[] { 0, 0, 0, 0, 9, 1 })]
    [InlineData("RecordEvents", new byte[] { 7, 0, 0, 0, 0 })]
    [InlineData("RecordEvents", new byte[] { 0, 255, 255, 255, 255 })]
    public async Task What_is_not_the_one_message_that_is_due_is_the_callers_fault(string method, byte[] body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{node.Addresses[0]}/jobwatch.v1.RecordService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        using var answer = await client.SendAsync(request, Cancellation);
        await answer.Content.CopyToAsync(Stream.Null, Cancellation);
        var trailers = answer.TrailingHeaders.Concat(answer.Headers).ToLookup(header => header.Key, header => header.Value.Single());
        var details = trailers["grpc-status-details-bin"].Single();
        var status = Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')));

        Assert.Equal("3", trailers["grpc-status"].Single());
        Assert.Equal("UNDECODABLE_REQUEST", status.GetDetail<Google.Rpc.ErrorInfo>()!.Reason);
    }

    [Fact]
    public async Task A_structure_too_deep_to_be_decoded_is_refused_with_the_limit()
    {
        var job = Appends.NewJob();
        var refusal = await Refusal.OfAsync(node.Append(Appends.To(job, Appends.Started(), Appends.Summary(Appends.Nested(40)))));

        Assert.Equal((StatusCode.InvalidArgument, "UNDECODABLE_REQUEST"), (refusal.Code, refusal.Reason));
        Assert.Contains("a free structure has at most 30 levels", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(StatusCode.NotFound, (await Refusal.OfAsync(node.GetJob(new GetJobRequest { JobId = job }))).Code);
    }

    [Fact]
    public async Task Reflection_describes_every_service_whole()
    {
        using var call = new ServerReflection.ServerReflectionClient(node.Channel).ServerReflectionInfo(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(
            ["grpc.health.v1.Health", "jobwatch.v1.CatalogService", "jobwatch.v1.RecordService", "jobwatch.v1.WatchService"],
            call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal));

        await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = "jobwatch.v1.WatchService" }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        var files = call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom);
        Assert.Contains(files, file => file.Service.Any(service => service.Method.Any(found => found.Name == "WatchJob")));
    }

    [Fact]
    public async Task Reflection_answers_older_clients_too()
    {
        using var call = new Grpc.Reflection.V1Alpha.ServerReflection.ServerReflectionClient(node.Channel)
            .ServerReflectionInfo(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
        Assert.True(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(4, call.ResponseStream.Current.ListServicesResponse.Service.Count);
    }

    [Fact]
    public async Task A_client_with_one_connection_can_hold_more_than_100_streams()
    {
        using var channel = GrpcChannel.ForAddress(
            node.Addresses[0], new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false } });
        var job = Appends.NewJob();
        await node.Append(Appends.To(job, Appends.Started()));
        var watches = Enumerable.Range(0, 150)
            .Select(_ => new WatchService.WatchServiceClient(channel).WatchJob(new WatchJobRequest { JobId = job }, cancellationToken: Cancellation))
            .ToList();
        foreach (var watch in watches)
        {
            Assert.True(await watch.ResponseStream.MoveNext(Cancellation));
        }

        watches.ForEach(watch => watch.Dispose());
    }

    [Fact]
    public async Task Health_is_watched_for_the_node_and_for_each_service()
    {
        foreach (var service in new[] { "", "jobwatch.v1.RecordService", "jobwatch.v1.WatchService", "jobwatch.v1.CatalogService" })
        {
            using var call = new Health.HealthClient(node.Channel).Watch(new HealthCheckRequest { Service = service }, cancellationToken: Cancellation);
            while (await call.ResponseStream.MoveNext(Cancellation)
                && call.ResponseStream.Current.Status != HealthCheckResponse.Types.ServingStatus.Serving)
            {
            }

            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, call.ResponseStream.Current.Status);
        }
    }

    private static Marshaller<T> Marshaller<T>(MessageParser<T> parser)
        where T : IMessage<T> => new(message => message.ToByteArray(), parser.ParseFrom);
}
