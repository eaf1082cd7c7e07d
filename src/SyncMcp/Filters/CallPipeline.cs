using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SyncMcp.Client;
using SyncMcp.Redaction;

namespace SyncMcp.Filters;

/// <summary>Runs the filters, outermost first, and turns what comes out into the tool's result.</summary>
internal sealed class CallPipeline(IReadOnlyList<ICallFilter> filters, CallStep execute)
{
    private readonly CallStep chain = Chain(filters, execute);

    /// <summary>One tool call from request to result. Only protocol errors, questions to the person and cancellation leave as exceptions.</summary>
    /// <param name="context">The request.</param>
    /// <param name="requested">The tool and arguments that it means.</param>
    /// <param name="principal">Who calls.</param>
    /// <param name="ending">Fires when the program ends: the call is stopped, and answered.</param>
    /// <param name="ct">Fires when the client cancels: nobody waits for an answer.</param>
    public async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> context, Requested requested, Principal principal, CancellationToken ending, CancellationToken ct)
    {
        var call = new Call
        {
            Mcp = context,
            Tool = requested.Tool,
            Endpoint = Catalogue.Find(requested.Tool),
            Own = requested.Own,
            Arguments = requested.Arguments,
            Unreadable = requested.Unreadable,
            Principal = principal,
        };
        call.Given = Redactor.Given(call.Arguments);
        try
        {
            var answer = await AnswerAsync(call, ending, ct);
            await Progress.EndAsync(context);
            return Answers.Result(call, answer);
        }
        catch (InputRequiredException)
        {
            Progress.Says(context, "waits for the person's answer");
            throw;
        }
    }

    /// <summary>The answer before it becomes a result: resources are read through the same filters.</summary>
    public async ValueTask<ToolAnswer> AnswerAsync(Call call, CancellationToken ending, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, ending);
        try
        {
            return await chain(call, stop.Token);
        }
        catch (ToolException ex)
        {
            return new() { Error = ex.Error, Outcome = ex.Outcome };
        }
        catch (SyncApiException ex)
        {
            // Only reads (of names, snapshots) get here: the call itself is translated where it is sent.
            return new() { Error = Errors.From(ex, call), Outcome = Outcome.NotExecuted };
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return new() { Error = Errors.ShuttingDown, Outcome = Outcome.NotExecuted };
        }
        catch (Exception ex) when (ex is not (OperationCanceledException or InputRequiredException or McpException))
        {
            Log.Line(Redactor.Mask($"{call.CorrelationId} {call.Tool}: {ex}", call.Given));
            return new() { Error = Errors.Internal(ex, call), Outcome = call.Sent ? Outcome.Unknown : Outcome.NotExecuted };
        }
    }

    private static CallStep Chain(IReadOnlyList<ICallFilter> filters, CallStep execute)
    {
        var step = execute;
        foreach (var filter in filters.Reverse())
        {
            var next = step;
            step = (call, ct) => filter.InvokeAsync(call, next, ct);
        }

        return step;
    }
}
