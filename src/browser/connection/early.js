// What makes a page live before its program has come. It is sent with comments and line breaks taken out, so that a line
// ends where nothing is needed between it and the next. Names are one letter long, as all of it is at most a kilobyte:
//
// c  this script, which stands at the end of its source and takes itself away. Its data: u the address, w whether cookies
//    go to other origins, n the names to hear, k those of them that may change what is elsewhere.
// l  the early streams of the page, which the program takes over: see early.rs.
// r  one of them: u, w and s, the EventSource itself; a ends all listeners; e the sources that share it; q what has been
//    heard, in order, until an error or a million characters make it 0, each event counted with 99 more (z); n the names
//    that are heard, each with the state at that time, 0 as long as nothing can have been missed; k as above; x nothing is
//    swapped any more, as something is kept for the program that may write anywhere.
// t  a name, e its event, x what that says.
// p  a source, g a region in it that is the server's: its `ll` is how much of q had been heard when it was swapped last.
{
let c=document.currentScript,p=c.parentNode,{u,w,n,k}=c.dataset,l=self.__ll||=[],r=l.find(r=>r.u+r.w==u+w);
c.remove();
r||(
l.push(r={u,w,a:new AbortController,e:[],q:[],z:0,n:{},k:"",s:new EventSource(u,{withCredentials:w==""})}),
r.s.onerror=_=>r.q=0
);
r.e.push(p);
r.k+=k;
(n+",heartbeat,connection,latest,gap,version,snapshot,live,added,retry,close,upstream".replace(/,/g,"\nll:")).split`\n`.map(t=>
t in r.n||(r.n[t]=r.s.readyState,r.s.addEventListener(t,e=>{
let x=e.data;
r.q&&(r.z+=x.length+99)<1e6?r.q.push(e):r.q=0;
r.x||=r.k.includes(`\n${t}\n`)||/\b(hx|sse|ws)-|autofocus|<(title|head|script)\b/i.test(x);
x&&r.e.map(p=>p.querySelectorAll(`[data-early~=${CSS.escape(t)}]:not(:focus-within)`).forEach(g=>
p==g.closest`[data-state]`&&!(r.x||=g.closest("swap,target,select,select-oob".replace(/[^,]+/g,"[hx-$&],[data-hx-$&]")+",:root:has([name=htmx-config])"))
&&(g.innerHTML=x,g.ll=r.q.length)
))
},r.a))
)
}
