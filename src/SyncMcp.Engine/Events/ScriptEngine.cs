using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;
using Jint.Runtime.Interop;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Events;

/// <summary>
/// Runs one script of a pipeline in a box: an interpreter of its own, no CLR, no files, no network, JSON copies of a few facts, and limits that a
/// script cannot catch. It bounds what a script can do to the engine; it is no wall against somebody who hunts for holes in the interpreter.
/// </summary>
internal static class ScriptEngine
{
    /// <summary>Time for one script.</summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromSeconds(2);

    private const long MostMemory = 64 << 20;
    private const int MostStatements = 200_000;
    private const int MostRecursion = 64;
    private const int MostLines = 1000;
    private const int MostOutput = 16_384;

    // Their arithmetic runs for minutes inside one native operation, which no limit interrupts; or they block the thread.
    private static readonly string[] Removed = ["BigInt", "BigInt64Array", "BigUint64Array", "DataView", "Temporal", "SharedArrayBuffer", "Atomics"];

    // Recursion inside the interpreter's own code ends where the stack does, and every frame of it is taken back one by one: with a large stack that took
    // 18 s in the native program.
    private const int Stack = 1 << 20;

    /// <summary>Runs a script to its end, on a thread of its own with a small stack.</summary>
    /// <inheritdoc cref="Run"/>
    public static Task<string?> RunAsync(string script, ScriptFacts facts, Action<string> log, CancellationToken ct)
    {
        var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(
            () =>
            {
                try
                {
                    done.SetResult(Run(script, facts, log, ct));
                }
                catch (OperationCanceledException)
                {
                    done.SetCanceled(ct);
                }
                catch (Exception e)
                {
                    done.SetException(e);
                }
            },
            Stack) { IsBackground = true, Name = "script" }.Start();
        return done.Task;
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">Its text.</param>
    /// <param name="facts">What it may know.</param>
    /// <param name="log">Hears its log lines.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The value of its last expression as JSON; null where that is undefined.</returns>
    /// <exception cref="ReplicationException">It cannot run, failed, called fail(), or met a limit.</exception>
    private static string? Run(string script, ScriptFacts facts, Action<string> log, CancellationToken ct)
    {
        if (ScriptLanguage.Foreign(script) is { } foreign)
            throw new ReplicationException("not_on_this_server", $"{foreign} is not supported by the embedded engine, which runs JavaScript; a CData Sync server runs it.");
        try
        {
            var prepared = Jint.Engine.PrepareScript(script);
            if (prepared.Program!.DescendantNodes().OfType<BigIntLiteral>().FirstOrDefault() is { } big)
                throw new ReplicationException("script_refused", $"line {big.Location.Start.Line}: BigInt is not available.");
            if (prepared.Program!.DescendantNodes().OfType<ImportExpression>().FirstOrDefault() is { } import)
                throw new ReplicationException("script_refused", $"line {import.Location.Start.Line}: import() is not available.");
            using var engine = new Jint.Engine(options => Confine(options, ct));
            Furnish(engine, facts, log);
            var stringify = engine.Evaluate("JSON.stringify");
            var value = engine.Evaluate(prepared);
            var json = engine.Invoke(stringify, value);
            return Output(json);
        }
        catch (ScriptFailure e)
        {
            throw new ReplicationException("script_failed", e.Message, e);
        }
        catch (JavaScriptException e)
        {
            throw new ReplicationException("script_error", $"line {e.Location.Start.Line}: {Short(e.Message)}", e);
        }
        catch (Exception e) when (Limit(e) is { } limit)
        {
            ct.ThrowIfCancellationRequested();
            throw new ReplicationException("script_limit", $"the script was stopped: {limit}.", e);
        }
        catch (Exception e) when (e is ScriptPreparationException or Acornima.ParseErrorException)
        {
            throw new ReplicationException("script_invalid", $"it is not JavaScript: {Short((e.InnerException ?? e).Message)}", e);
        }
        catch (JintException e)
        {
            throw new ReplicationException("script_error", Short(e.Message), e);
        }
    }

    private static void Confine(Options options, CancellationToken ct)
    {
        options.Strict();
        options.TimeoutInterval(MostTime);
        options.LimitMemory(MostMemory);
        options.MaxStatements(MostStatements);
        options.LimitRecursion(MostRecursion);
        options.DisableStringCompilation();
        options.CancellationToken(ct);
        options.AgentCanSuspend = false;
        options.Json.MaxParseDepth = 64;
        options.Interop.AllowWrite = false;
        options.Constraints.RegexTimeout = TimeSpan.FromMilliseconds(200);
        options.Constraints.PromiseTimeout = TimeSpan.FromSeconds(1);
        options.Constraints.MaxArraySize = 1_000_000;
        // Else recursion through toString, a proxy or JSON ends the whole process; MaxExecutionStackCount would override it.
        options.Constraints.StackOverflowGuard = true;
    }

    private static void Furnish(Jint.Engine engine, ScriptFacts facts, Action<string> log)
    {
        foreach (var name in Removed)
            engine.Global.Delete(name);
        // The way back to Temporal, and so to BigInt.
        engine.Evaluate("delete Date.prototype.toTemporalInstant");
        ScriptLengths.Bound(engine);
        var parser = new JsonParser(engine);
        foreach (var (name, value) in facts.Globals)
            engine.SetValue(name, value is null ? JsValue.Null : parser.Parse(value.ToJsonString()));
        var stringify = engine.Evaluate("JSON.stringify");
        var lines = 0;
        engine.SetValue("log", new ClrFunction(engine, "log", (_, arguments) =>
        {
            if (++lines == MostLines)
                log("(more lines of the script are left out)");
            if (lines < MostLines)
                log(Short(string.Join(' ', arguments.Select(argument => Text(engine, stringify, argument)))));
            return JsValue.Undefined;
        }));
        engine.SetValue("fail", new ClrFunction(engine, "fail", (_, arguments) =>
            throw new ScriptFailure(arguments.Length == 0 ? "The script failed." : Short(Text(engine, stringify, arguments[0])))));
    }

    // Called as the script itself would: an Invoke from outside would begin the limits anew.
    private static string Text(Jint.Engine engine, JsValue stringify, JsValue value) =>
        value.IsObject() ? TypeConverter.ToString(engine.Call(stringify, JsValue.Undefined, [value])) : TypeConverter.ToString(value);

    private static string? Output(JsValue json)
    {
        if (!json.IsString())
            return null;
        var text = json.AsString();
        return text.Length <= MostOutput ? text : throw new ReplicationException("script_error", $"the script's last value has {text.Length} characters as JSON; at most {MostOutput} are taken. End with a smaller one.");
    }

    private static string? Limit(Exception e) => e switch
    {
        StatementsCountOverflowException => $"it took more than {MostStatements} statements",
        MemoryLimitExceededException => $"it took more than {MostMemory >> 20} MB of memory",
        RecursionDepthOverflowException or InsufficientExecutionStackException => $"its calls are nested too deep (more than {MostRecursion})",
        System.Text.RegularExpressions.RegexMatchTimeoutException => "a regular expression took too long",
        TimeoutException => $"it took longer than {MostTime.TotalSeconds:0} s",
        OutOfMemoryException => "it asked for more memory than there is",
        ExecutionCanceledException or OperationCanceledException => "it was canceled",
        _ => null,
    };

    private static string Short(string text) => text.Length <= 400 ? text : string.Concat(text.AsSpan(0, 399), "…");

    /// <summary>The script called fail(): passes through the interpreter where no script can catch it.</summary>
    private sealed class ScriptFailure(string message) : Exception(message);
}
