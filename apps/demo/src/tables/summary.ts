/** The flights in a few hundred numbers: all that the charts and the report need to know. */
export interface Summary {
  rows: number;
  routes: number;
  /** Minutes of delay from which a flight counts as late. */
  lateAfter: number;
  /** `2001-01-01` */
  firstDay: string;
  lastDay: string;
  /** Share of late flights. */
  late: number;
  meanDelay: number;
  medianDelay: number;
  hours: HourSummary[];
  days: DaySummary[];
  airports: AirportSummary[];
  /** Routes with enough flights to be judged, the most often late first; the first ten and the last ten. */
  worstRoutes: RouteSummary[];
  bestRoutes: RouteSummary[];
  /** Flights a route must have to be judged. */
  judgedFrom: number;
  delays: DelaySummary[];
}

/** How a group of flights fared. */
export interface GroupSummary {
  rows: number;
  /** Share of late flights. */
  late: number;
  meanDelay: number;
}

export interface HourSummary extends GroupSummary {
  /** 0 is Monday. */
  weekday: number;
  hour: number;
}

export interface DaySummary extends GroupSummary {
  day: string;
}

/** Flights that left an airport. */
export interface AirportSummary extends GroupSummary {
  iata: string;
  name: string;
  city: string;
  state: string;
  latitude: number;
  longitude: number;
}

export interface RouteSummary extends GroupSummary {
  origin: string;
  destination: string;
  /** `Dallas–Fort Worth, TX` */
  from: string;
  to: string;
  distance: number;
}

/** Flights whose delay is at least `from` and less than `from + 5` minutes; the last one has no upper end. */
export interface DelaySummary {
  from: number;
  rows: number;
}
