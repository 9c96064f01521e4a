using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Jobwatch.Client.Wire;

/// <summary>
/// Says INTERNAL of an answer that came whole and can't be decoded. The channel would say UNAVAILABLE, as protobuf's exception is an
/// IOException, and who tries again would get the same answer for ever.
/// </summary>
internal sealed class Decoding : Interceptor
{
    // The channel keeps what it knows of a method by its object: one for each of the generated ones.
    private readonly ConcurrentDictionary<IMethod, IMethod> _methods = new();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Of(context));

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Of(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Of(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Of(context));

    private ClientInterceptorContext<TRequest, TResponse> Of<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> call)
        where TRequest : class
        where TResponse : class =>
        new((Method<TRequest, TResponse>)_methods.GetOrAdd(call.Method, static method => Of((Method<TRequest, TResponse>)method)), call.Host, call.Options);

    private static Method<TRequest, TResponse> Of<TRequest, TResponse>(Method<TRequest, TResponse> method) => new(
        method.Type, method.ServiceName, method.Name, method.RequestMarshaller,
        new Marshaller<TResponse>(method.ResponseMarshaller.ContextualSerializer, bytes => Decode(method, bytes)));

    private static TResponse Decode<TRequest, TResponse>(Method<TRequest, TResponse> method, DeserializationContext bytes)
    {
        try
        {
            return method.ResponseMarshaller.ContextualDeserializer(bytes);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new RpcException(new Status(
                StatusCode.Internal, $"The node answered {method.Name} with a message that can't be decoded: {error.Message}", error));
        }
    }
}
