using System.Diagnostics;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Events;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Tests.Events;

public sealed class ScriptEngineTests
{
    private static readonly RunOwner Nightly = RunOwner.Pipeline("p");

    private readonly List<string> log = [];

    [Fact]
    public void A_script_knows_its_run_its_pipeline_and_the_step_before()
    {
        Assert.Equal(
            """{"run":"r","by":"ann","pipeline":"nightly","before":"orders","ok":true,"rows":7,"output":[1,2]}""",
            Run("""
                log('rows:', previous.records_affected, { a: [1] });
                ({ run: run.id, by: run.triggered_by, pipeline: pipeline.name, before: previous.name, ok: previous.succeeded, rows: previous.records_affected, output: previous.output })
                """));
        Assert.Equal(["""rows: 7 {"a":[1]}"""], log);
    }

    [Fact]
    public void The_first_step_has_none_before_it_and_a_script_may_give_nothing()
    {
        Assert.Equal("true", Run("previous === null", null));
        Assert.Null(Run("var x = 1;"));
        Assert.Null(Run(""));
    }

    [Fact]
    public void Fail_ends_the_script_and_cannot_be_caught()
    {
        var end = Assert.Throws<ReplicationException>(() => Run("if (previous.records_affected < 10) { try { fail('only ' + previous.records_affected + ' rows'); } catch (e) { } finally { } } log('on')"));
        Assert.Equal(("script_failed", "only 7 rows"), (end.Code, end.Message));
        Assert.Empty(log);
    }

    [Fact]
    public void What_it_changes_are_copies()
    {
        var before = Previous();
        Run("previous.output.push(3); previous.name = 'x'; run.id = 'y'", before);
        Assert.Equal("[1,2]", before.Output);
    }

    [Theory]
    [InlineData("<api:script><api:call op=\"syncJob\" /></api:script>", "APIScript")]
    [InlineData("\uFEFF\n  <!-- x --><api:info/>", "APIScript")]
    [InlineData("import os\nprint(os.getcwd())", "Python")]
    [InlineData("# -*- coding: utf-8 -*-", "Python")]
    [InlineData("from datetime import date", "Python")]
    [InlineData("def main():\n    pass", "Python")]
    [InlineData("\n\nprint('x')", "Python")]
    [InlineData("if x == 1:\n    y = 2", "Python")]
    public void Other_languages_are_named(string script, string language)
    {
        var refusal = Assert.Throws<ReplicationException>(() => Run(script));
        Assert.Equal("not_on_this_server", refusal.Code);
        Assert.StartsWith(language + " is not supported by the embedded engine", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("let a = 1;\nlet = ;", "script_invalid", "2")]
    [InlineData("log('a');\nnope.x", "script_error", "line 2: nope is not defined")]
    [InlineData("throw new Error('mine')", "script_error", "mine")]
    [InlineData("var b = 12n", "script_refused", "BigInt")]
    [InlineData("'x'.repeat(20000)", "script_error", "at most 16384")]
    [InlineData("import('fs')", "script_refused", "line 1: import() is not available")]
    public void What_is_wrong_is_said_with_its_line(string script, string code, string says)
    {
        var refusal = Assert.Throws<ReplicationException>(() => Run(script));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_nest_as_deep_as_the_limit_says()
    {
        Assert.Equal("1830", Run("function sum(n) { return n === 0 ? 0 : [n].map(function (x) { return x; })[0] + (function () { return sum(n - 1); }).call(null); } sum(20) + (function f(n) { return n ? n + f(n - 1) : 0; })(56) + 24"));
    }

    [Theory]
    [InlineData("for(;;);")]
    [InlineData("for(;;) { try { throw 1 } catch { } finally { continue } }")]
    [InlineData("for(;;) log({})")]
    [InlineData("for(;;) log({ toJSON() { for(;;); } })")]
    [InlineData("({ toJSON() { for(;;); } })")]
    [InlineData("var a = []; for(;;) a.push('xxxxxxxxxxxxxxxx')")]
    [InlineData("var s = 'x'; for(;;) s += s")]
    [InlineData("'x'.repeat(2 ** 29) + 'x'.padEnd(2 ** 29)")]
    [InlineData("new Array(1e9).fill(0)")]
    [InlineData("var u = new Uint8Array(2e9); for (var i = 0; ; i++) u = new Uint8Array(2e9 - i)")]
    [InlineData("function f() { f() } f()")]
    [InlineData("var o = {}; o.toString = function () { return '' + o }; '' + o")]
    [InlineData("var p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x")]
    [InlineData("var a = []; for (var i = 0; i < 50000; i++) a = [a]; JSON.stringify(a)")]
    [InlineData("var a = []; for (var i = 0; i < 50000; i++) a = [a]; log(a)")]
    [InlineData("var a = []; for (var i = 0; i < 50000; i++) a = [a]; a")]
    [InlineData("var a = []; for (var i = 0; i < 50000; i++) a = [a]; a.flat(Infinity)")]
    [InlineData("JSON.parse('['.repeat(50000))")]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + '!')")]
    [InlineData("function* g() { for(;;) yield 1 } for (var x of g());")]
    [InlineData("async function f() { for(;;) await 1 } f()")]
    [InlineData("Array.from({ length: 1e9 })")]
    [InlineData("eval('1')")]
    [InlineData("new Function('return 1')()")]
    [InlineData("(function () {}).constructor.constructor('return 1')()")]
    [InlineData("BigInt(2)")]
    [InlineData("new Date().toTemporalInstant().epochNanoseconds")]
    [InlineData("new BigInt64Array(1)[0]")]
    [InlineData("setTimeout(() => {}, 1)")]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("importNamespace('System')")]
    [InlineData("log.GetType().Assembly.Location")]
    [InlineData("log.DynamicInvoke('x').y")]
    [InlineData("fetch('http://localhost')")]
    [InlineData("require('fs')")]
    public void An_attack_ends_with_an_error_in_good_time(string script)
    {
        var begun = Stopwatch.GetTimestamp();
        var end = Assert.Throws<ReplicationException>(() => Run(script));
        Assert.StartsWith("script_", end.Code, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(begun) < ScriptEngine.MostTime * 10, $"{script}: {Stopwatch.GetElapsedTime(begun)}");
        Assert.True(log.Count <= 1000);
    }

    // Each took from one to four gigabytes, and up to 17 seconds, inside one call.
    [Theory]
    [InlineData("'x'.repeat(5e8)")]
    [InlineData("new String('x'.repeat(1e4)).repeat(5e4)")]
    [InlineData("'x'.padEnd(5e8)")]
    [InlineData("'x'.padStart({ valueOf() { return 5e8 } })")]
    [InlineData("''.concat(...Array(5e4).fill('x'.repeat(1e4)))")]
    [InlineData("''.concat(...Array(5e4).fill(new String('x'.repeat(1e4))))")]
    [InlineData("String.raw({ raw: Array(5e4).fill('x'.repeat(1e4)) })")]
    [InlineData("Array(5e5).join('x'.repeat(1e3))")]
    [InlineData("Array(5e4).fill('x'.repeat(1e4)).join('')")]
    [InlineData("Array(5e4).fill('x'.repeat(1e4)) + ''")]
    [InlineData("Array(500).fill([Array(1e6).fill(['x'.repeat(1e4)])]).toString()")]
    [InlineData("new Uint8Array(1e6).join('x'.repeat(1e3))")]
    [InlineData("Array.prototype.join.call({ length: 2 ** 40 }, '')")]
    [InlineData("Object.keys('x'.repeat(4e6))")]
    public void One_call_of_a_built_in_function_does_not_take_gigabytes(string script)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith("script_", Assert.Throws<ReplicationException>(() => Run(script)).Code, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256L << 20);
    }

    [Fact]
    public void Bounded_functions_do_what_they_did() => Assert.Equal(
        """["ababab","  a","a--","abc1","x1y","1,,,b,3,","1-2","0","a b",["0","1"],"1,2,3",false]""",
        Run("""
            ['ab'.repeat(3), 'a'.padStart(3), 'a'.padEnd(3, '-'), 'a'.concat('b', 'c', 1), String.raw`x${1}y`, [1, null, undefined, 'b', 3, []].join(), [1, 2].join('-'),
             new Uint8Array(1).join(), ['a', 'b'].join(' '), Object.keys('xy'), [1, [2, 3]] + '', Object.keys(String.prototype).includes('repeat')]
            """));

    [Fact]
    public async Task A_cancel_stops_it()
    {
        using var cancel = new CancellationTokenSource();
        var lines = 0;
        var run = ScriptEngine.RunAsync("for(;;) { log('x'); [3, 2, 1].sort() }", Facts(null), _ => { if (++lines == 10) cancel.Cancel(); }, cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    private string? Run(string script) => Run(script, Previous());

    private string? Run(string script, TaskRunRow? previous) => ScriptEngine.RunAsync(script, Facts(previous), log.Add, CancellationToken.None).GetAwaiter().GetResult();

    private static ScriptFacts Facts(TaskRunRow? previous) => new(
        new() { Id = "r", Owner = Nightly, Status = RunStatus.InProgress, TriggeredBy = "ann", StartedAt = DateTimeOffset.UnixEpoch }, "nightly", Part("check", 2), previous);

    private static TaskRunRow Previous() => Part("orders", 1) with { Status = RunStatus.Successful, RecordsAffected = 7, Output = "[1,2]" };

    private static TaskRunRow Part(string name, int position) =>
        new() { Id = name, RunId = "r", Owner = Nightly, TaskId = name, TaskName = name, Position = position, Status = RunStatus.InProgress };
}
